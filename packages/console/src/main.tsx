import { render } from 'preact';
import { App } from './app.js';
import './design/tokens.css';
import './design/base.css';
import './design/parts.css';
import './design/pages.css';

render(<App />, document.querySelector('#app')!);
