import { AuthenticationError, type Client, createClient, type Session } from '@chanjing-avatar/client';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** The SDK with the session's token; `onEnded` is called when the server no longer takes it. */
export const clientOf = ({ access_token }: Session, onEnded: () => void): Client =>
  createClient({
    baseUrl: location.origin,
    accessToken: (refused) => {
      if (!refused) return access_token;
      onEnded();
      throw new AuthenticationError({
        msg: 'The session has ended.',
        remedy: 'Sign in again.',
        code: 10400,
      });
    },
  });

export const ClientContext = createContext<Client | undefined>(undefined);

/** The server, as the person who is signed in. */
export const useClient = (): Client => useContext(ClientContext)!;
