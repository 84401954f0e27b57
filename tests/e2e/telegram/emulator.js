// telegram-test-api with what it lacks of the documented Bot API; started by emulator.py, which reads the port.
//
//   getUpdates      honours offset (what is before it is forgotten, what is not comes again) and waits for timeout
//   dates           in seconds; a message of the bot says from whom it is; a tap has a chat_instance
//   results         true where the Bot API says true and the package says null
//   webhooks        show the secret, and are posted again until they are answered with 200
//   methods         setMyCommands and sendChatAction, which the package does not know
"use strict";
const http = require("http");
const TelegramServer = require(process.argv[2]);

const BOT = {id: 42, is_bot: true, first_name: "微光", username: "weiguang_bot"};
const POST_AGAIN_AFTER_MS = 50;

const lastWrittenBy = {};
const seconds = (date) => (date > 1e11 ? Math.floor(date / 1000) : date);
const asTelegramWrites = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const written = asTelegramWrites(update);
  if (written.callback_query) written.callback_query.chat_instance = "1";
  if (written.message) {
    // an edit is an update with another name: the package has no edits
    if (written.message.edit_date) {
      const {edits, ...message} = written.message;
      return {update_id: written.update_id, edited_message: {...message, message_id: edits}};
    }
    written.message.date = seconds(written.message.date);
  }
  return written;
};
// the package marks an update as read once it was asked for; Telegram forgets it when it is acknowledged
TelegramServer.prototype.waiting = function (token) {
  return this.storage.userMessages.filter((update) => update.botToken === token).map(TelegramServer.formatUpdate);
};
TelegramServer.prototype.addUserUpdate = async function (update) {
  this.storage.userMessages.push(update);
  if (update.message) lastWrittenBy[update.message.from.id] = update.messageId;
  this.updateId++;
  if (this.webhooks[update.botToken]) this.posting = (this.posting || Promise.resolve()).then(() => post(this, update));
};

async function post(server, update) {
  for (;;) {
    const {url, secret_token: secret} = server.webhooks[update.botToken];
    const answer = await fetch(url, {
      method: "POST",
      headers: {"content-type": "application/json", "x-telegram-bot-api-secret-token": secret},
      body: JSON.stringify(TelegramServer.formatUpdate(update)),
    }).catch(() => ({status: 0}));
    if (answer.status === 200) return server.removeUserMessage(update.updateId);
    await new Promise((go) => setTimeout(go, POST_AGAIN_AFTER_MS));
  }
}

async function answerUpdates(server, token, asked, answer) {
  server.storage.userMessages = server.storage.userMessages.filter((update) => update.updateId >= (asked.offset || 0));
  const until = Date.now() + 1000 * (asked.timeout || 0);
  while (server.waiting(token).length === 0 && Date.now() < until) await new Promise((go) => setTimeout(go, 20));
  answer(server.waiting(token));
}

function asDocumented(result) {
  if (result === null) return true;
  if (result && result.message_id) return {...result, from: BOT, date: seconds(result.date)};
  return result;
}

const server = new TelegramServer({port: 1, host: "127.0.0.1", storeTimeout: 3600});
const front = http.createServer((request, response) => {
  const answer = (result) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ok: true, result}));
  };
  const {pathname, searchParams} = new URL(request.url, "http://localhost");
  const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(pathname) || [];
  if (pathname.startsWith("/lastWrittenBy/")) return answer(lastWrittenBy[pathname.split("/")[2]]);
  if (method === "getUpdates") {
    request.resume();
    return answerUpdates(server, token, {offset: Number(searchParams.get("offset")), timeout: Number(searchParams.get("timeout"))}, answer);
  }
  if (method === "setMyCommands" || method === "sendChatAction") {
    request.resume();
    return answer(true);
  }
  if (method) {
    const send = response.end.bind(response);
    response.end = (body, ...more) => {
      try {
        const told = JSON.parse(body);
        body = JSON.stringify({...told, result: asDocumented(told.result)});
        response.setHeader("content-length", Buffer.byteLength(body));
      } catch (error) {
        // what is no JSON goes as it is
      }
      return send(body, ...more);
    };
  }
  return server.webServer(request, response);
});
front.listen(0, "127.0.0.1", () => console.log(front.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
