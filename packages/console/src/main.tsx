import { render } from 'preact';
import { App } from './app.js';
import './design/tokens.css';
import './design/base.css';
import './design/parts.css';
import './design/pages.css';

// A file that is dropped beside its place must not take the page away.
for (const type of ['dragover', 'drop']) addEventListener(type, (event) => event.preventDefault());

render(<App />, document.querySelector('#app')!);
