import '@backstage/ui/css/styles.css';
import './contrast.css';
import './tables.css';
import { createRoot } from 'react-dom/client';
import { app } from './app.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root".');
createRoot(root).render(app.createRoot());
