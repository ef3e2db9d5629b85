/** A page that only says something: used before anybody is signed in, so it needs no script. */
import { html } from "hono/html";

export type Message = { readonly title: string; readonly detail: string; readonly next: string };

export const renderMessage = ({ title, detail, next }: Message) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} · Counterfoil</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/style.css" />
  </head>
  <body>
    <main class="message">
      <p class="brand"><img src="/icon.svg" alt="" width="24" height="24" /> Counterfoil</p>
      <h1>${title}</h1>
      <p>${detail}</p>
      <p>${next}</p>
    </main>
  </body>
</html>`;
