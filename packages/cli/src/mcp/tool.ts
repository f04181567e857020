import type { Client } from '@chanjing-avatar/client';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { explainFailure } from '../command/failure.js';

export type McpOptions = {
  /** Made for each call, so that a login is noticed. */
  readonly connect: () => Client;
  /** Files outside this directory are neither read nor written. */
  readonly root: string;
  readonly version: string;
};

export const result = (value: object): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(value) }],
  structuredContent: value as Record<string, unknown>,
});

export const failed = (text: string): CallToolResult => ({
  content: [{ type: 'text', text }],
  isError: true,
});

/** A failure is told to the model, with what to do; it is no fault of the protocol. */
export const told = async (work: () => Promise<CallToolResult>): Promise<CallToolResult> => {
  try {
    return await work();
  } catch (error) {
    return failed(explainFailure(error, { locale: 'en' }));
  }
};

/** Arguments of a tool. Others are refused: a model that invents one would believe that it had worked. */
export const toolArguments = <Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `Unknown: ${issue.keys.join(', ')}. Expected only: ${Object.keys(shape).join(', ')}. Correct or leave out.`
        : undefined,
  });
