// The bare start: load node:http and better-sqlite3, open the file, listen. argv: database.
import { openStore } from './store.mjs';
import { serve } from './server.mjs';

openStore(process.argv[2]);
serve((_url, _body, send) => send('{"success":true}'));
