/** Small `.tar.bz2` archives as Python's tarfile and bz2 write them, in base64: Node can unpack these, but not pack. */
const ARCHIVES = {
  /** `model-1/` with `model.onnx` (2048 bytes), `tokens.txt`, `espeak-ng-data/phontab`. */
  sound:
    'QlpoOTFBWSZTWbCBLRMAAqB/////////////////////////////////////////////0ANeAAAAJMABMAATAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABJgAJgACYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJMABMAATAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABJgAJgACYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABVJJMJkpp7TSag000DQBo0ZPRpB6jQ00ZNANGgDJpo0HqaHpkjIAAANDQAAAAAAAAAAAAAAB6g9I0vcjg7u5mwmHSiKCrJBQpEQZ6IlaxbW1zCaKaxQs7CumoyhOhShBeSiKonIWQlSFYWYnQX0V4tBO0AWY0EaENDF+Gf6IL+NFGAGjDRxpA0kaUMCNLGmDTRpw08agNRFWMpJghqY1QYMaqNWGEGFGri1GGGHFsMtDfGWa0J11WwtuJRNKzjUoiIlaQmQi1lBGQx0slj6EIa/KMSJTUaVvNhqsJoz6QlKTFSgmnpqIxVKKWs11dFAWLXFNSErCJwqTKlITxsIxY2IbGMYMaNkGOGyiw2YX4bONoG0jahtYo48YAbYNtGQE9twwI28bgNxG5Dcxug3UZEU8kMEN2GTG7jKDeBvIyor4XmVjexcJoXDEQb6MQuBl0XSgiMTbqYunADYBR4EXIviplxXoqDFjJ3t9XNjWU7sU5rKci0xlWuGNV9EVhZQzAoVHBQuxmKCfThTkLC/wvgrxwYo1q7MioM0OEHCjhhw44gcSOKHFjjBxo44ceOQHIjkhyY5QcqOWHLjmBzIzY5oc2OcGcHOjnhz46AdCOiHRjpB0o6YdOOoHUjqh1Y6wdaOuHXjsB2I7IdmO0Hajth247gdyO6HdjvB3o74d+PAHgjwh4Y8QeKPGHjjyB5I8oeWPMHmjzh549AeiPSHpj1B6o9YeuPYHsj2h7Y9we6PeHvj4B8I+IfGPkHyj5h84+gfSPqH1j7B9o+4fePwH4j8h+Y/QfqP2H7j+BeDOH8iWaF4P6H9j/BPvRmxNCGdGdH+j/hnh/4u5IpwoSFhAlomA==',
  /** An entry `model-1/../../outside.txt`. */
  upward:
    'QlpoOTFBWSZTWbNJOAEAAJJ/gMmAAADAA/+AAIAAQGYmnkAICCAAchKUANGgyANGagkkmo/UnppGaJmoMjON5YTUUgP/VJCI4blLJBPFiRaIQwDL6TKHxyBRwTjAjWtgjQjnoQrKBjW7PJ7nZGpD49SOpBZHMhikbifxRrLMhED8XckU4UJCzSTgBA==',
  /** `model-1/model.onnx` is a symbolic link to `/etc/passwd`. */
  linked:
    'QlpoOTFBWSZTWTLL6QcAAJH/gMiAAEBAA/+AAAECQG4H3sAICCAAdBkpiAAA0ANPUElIGgBoAAA+9ylrnhBAyJJCKjkhdKEwNGiEMAYtU6xNnAFwQAjN7ARG3EJjpbY2izSR00s8qEejxPvS8v7O6sdCB7bAqFM6qya4Egfi7kinChIGWX0g4A==',
  /** An entry `/tmp/outside.txt`. */
  absolute:
    'QlpoOTFBWSZTWZBh22QAAFxbgMmAYAHtAEAAZiLeQAgIIABUMqPSaGgDDTRAklB6hoaAD1B9EihCD2oEIpaMrCcndAhgY4ic69GQ7BEcSNe8HDeOR8VbJRmS6vejWv9pwSQPxdyRThQkJBh22QA=',
  /** `model-1/model.onnx` is a pointer of a checkout without its large files. */
  pointer:
    'QlpoOTFBWSZTWb/56FsAAL3/gsuQAEBAA/+QAAEAQH/v30AQAAgIMAC5IaKT9U9TJ+iQDTEZMjQaPNUMADRoaMIyaDRpoDBtSJqPUPSaPSAMQANA/fL6ctbQYbIyAbCJAs0J+jQnyRVChxjIghMkRZxvbx3Krr3tGybvLctqpQk0hyA4Li8C5UTjeWgaxiYmrcL58RBzu1Dwh8DBNzKXrKIEvgEqruuretP4K8CybPayoHd8AFwbZSmRTyoqzhWUXqRorQNiSuWCwQl/F3JFOFCQv/noWw==',
};

/** The bytes of an archive. */
export const archive = (name: keyof typeof ARCHIVES): Buffer => Buffer.from(ARCHIVES[name], 'base64');
