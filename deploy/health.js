import http from 'node:http';

// Exit code 0 when the process of this container answers. Docker asks again and again.
const port = process.env.PORT || 8080;
http
  .get({ host: '127.0.0.1', port, path: '/health', timeout: 4000 }, ({ statusCode }) =>
    process.exit(statusCode === 200 ? 0 : 1),
  )
  .on('error', () => process.exit(1));
