// SPDX-License-Identifier: Apache-2.0
// Stands inside a case file, and checks it with the browser's own cryptography: no network, nothing of ours but this page.
// Checks and names what docs/reference/evidence.md says, in that order. Without Ed25519 in the browser it says so, and claims nothing.
"use strict";
(async () => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const checks = document.getElementById("checks");
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const utf8 = new TextEncoder();
  const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

  function joined(...parts) {
    const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) { all.set(part, at); at += part.length; }
    return all;
  }

  function fromHex(text, size) {
    if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text) || (size && text.length !== 2 * size)) throw new Error("hex");
    return Uint8Array.from(text.match(/../g) || [], (each) => parseInt(each, 16));
  }

  function fromBase64(text) {
    const raw = atob(text);
    if (btoa(raw) !== text) throw new Error("base 64");
    return Uint8Array.from(raw, (each) => each.charCodeAt(0));
  }

  const asText = (bytes) => new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);

  function opened(text) {
    const wire = JSON.parse(text);
    if (!Array.isArray(wire.signatures) || wire.signatures.length !== 1) throw new Error("signatures");
    return {type: wire.payloadType, payload: fromBase64(wire.payload), keyid: wire.signatures[0].keyid, signature: fromBase64(wire.signatures[0].sig)};
  }

  async function unsealed(text, kind, key) {
    const envelope = opened(text);
    if (envelope.type !== "application/vnd.hamsaya." + kind) throw new Error("type");
    if (envelope.keyid !== hex(await sha256(key))) throw new Error("key");
    const type = utf8.encode(envelope.type);
    const covered = joined(utf8.encode(`DSSEv1 ${type.length} `), type, utf8.encode(` ${envelope.payload.length} `), envelope.payload);
    const known = await crypto.subtle.importKey("raw", key, {name: "Ed25519"}, false, ["verify"]);
    if (!await crypto.subtle.verify({name: "Ed25519"}, known, envelope.signature, covered)) throw new Error("signature");
    return JSON.parse(asText(envelope.payload));
  }

  async function fingerprint(key) {
    let number = BigInt("0x" + hex(await sha256(key))) << 4n;
    let letters = "";
    for (let at = 0; at < 52; at += 1) { letters = LETTERS[Number(number & 31n)] + letters; number >>= 5n; }
    return letters.match(/..../g).join("-");
  }

  // The keys of each party, the first one first, each with the sizes of the logs from which on it signs
  async function linesOf(letters, keys, faults) {
    const lines = new Map([...keys].map(([party, key]) => [party, [{key, starts: {}}]]));
    for (const [number, text] of [...letters.entries()].reverse()) {
      try {
        const inner = JSON.parse(asText(opened(text).payload)).letter;
        const letter = JSON.parse(asText(opened(inner).payload));
        const old = fromHex(letter.old, 32), fresh = fromHex(JSON.parse(asText(opened(letter.card).payload)).key, 32);
        await unsealed(letter.card, "card", fresh);
        await unsealed(text, "key-letter", fresh);
        await unsealed(inner, "key-handover", letter.why === "planned" ? old : fresh);
        const held = lines.get(letter.party);
        const at = held.findIndex((span) => hex(span.key) === hex(fresh));
        if (at < 0) throw new Error("unknown");
        for (const mark of letter.marks) held[at].starts[mark.log] = mark.size;
        if (!held.some((span) => hex(span.key) === letter.old)) held.splice(at, 0, {key: old, starts: {}});
      } catch { faults.push([`letter-${number}`, "key"]); }
    }
    return lines;
  }

  const ofEntry = (spans, log, seq) => ([...spans].reverse().find((span) => (span.starts[log] || 0) <= seq) || spans[0]).key;

  async function overLog(spans, log, text) {
    const envelope = opened(text), size = JSON.parse(asText(envelope.payload)).size;
    const able = spans.filter((_, at) => at + 1 === spans.length || size <= (spans[at + 1].starts[log] || 0));
    for (const span of able) if (hex(await sha256(span.key)) === envelope.keyid) return span.key;
    return able[0].key;
  }

  const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

  async function rootOf(hashes) {
    if (hashes.length < 2) return hashes.length ? hashes[0] : sha256(new Uint8Array());
    let split = 1;
    while (split * 2 < hashes.length) split *= 2;
    return node(await rootOf(hashes.slice(0, split)), await rootOf(hashes.slice(split)));
  }

  async function wrongEntry(entry, spans, log, seq) {
    if (entry.leaf) {
      const alone = !entry.envelope && !entry.salt && (entry.content === undefined || entry.content === null);
      return alone && /^[0-9a-f]{64}$/.test(entry.leaf) ? "" : "leaf";
    }
    let header;
    try { header = await unsealed(entry.envelope, "entry", ofEntry(spans, log, seq)); } catch { return "signature"; }
    if (header.log !== log || header.seq !== seq) return "order";
    if (entry.content === undefined || entry.content === null) return "";
    try {
      const covered = joined(utf8.encode("hamsaya-content-v1\0"), fromHex(entry.salt, 32), utf8.encode(entry.content));
      return hex(await sha256(covered)) === header.commitment ? "" : "commitment";
    } catch { return "commitment"; }
  }

  function ends(log) {
    const parts = log.split("/");
    if (parts[0] === "release" && parts.length === 4) return parts.slice(2);
    if (parts[0] === "link" && parts.length === 3) return parts.slice(1);
    return parts[0] === "distress" && (parts.length === 3 || parts.length === 4) ? parts.slice(1, 3) : [];
  }

  async function checkLog(told, lines, faults, shown) {
    const log = told.log;
    const [sender, receiver] = ends(log).map((party) => lines.get(party));
    if (!sender || !receiver) { faults.push([`${log}#0`, "log"]); return; }
    const hashes = [];
    for (const [seq, entry] of told.entries.entries()) {
      const wrong = await wrongEntry(entry, sender, log, seq);
      if (wrong) faults.push([`${log}#${seq}`, wrong]);
      if (!entry.leaf) shown.push({where: `${log}#${seq}`, wrong, content: wrong ? null : entry.content});
      const whole = /^[0-9a-f]{64}$/.test(entry.leaf || "") ? fromHex(entry.leaf) : new Uint8Array(32);
      hashes.push(entry.leaf ? whole : await sha256(joined(Uint8Array.of(0), utf8.encode(entry.envelope || ""))));
    }
    const signed = [];
    let covered = -1;
    const texts = [["checkpoint", "checkpoint", told.checkpoint, sender], ...told.receipts.map((text, at) => [`receipt-${at}`, "receipt", text, receiver])];
    for (const [where, kind, text, spans] of texts) {
      try {
        const payload = await unsealed(text, kind, await overLog(spans, log, text));
        if (payload.log !== log || !(payload.size >= 0)) throw new Error("log");
        signed.push([payload.size, payload.root]);
        if (kind === "checkpoint") covered = payload.size;
      } catch { faults.push([`${log}#${where}`, kind]); }
    }
    let held = 0;
    for (const [size, root] of signed.sort((one, other) => one[0] - other[0])) {
      if (size > hashes.length) { faults.push([`${log}#${hashes.length}`, "missing"]); return; }
      if (hex(await rootOf(hashes.slice(0, size))) !== root) {
        faults.push([size - held <= 1 ? `${log}#${held}` : `${log}#${held}-${size - 1}`, "tree"]);
        return;
      }
      held = size;
    }
    if (covered >= 0 && covered < hashes.length) faults.push([`${log}#${covered}`, "tree"]);
  }

  // Texts of findings that both parties of their log have signed by name: docs/reference/evidence.md, section 10
  async function signedByBoth(logs) {
    const texts = [], signers = new Set();
    for (const {log, entries} of logs) {
      const [kind, from] = [log.split("/")[0], ends(log)[0]];
      for (const {content} of entries) {
        if (!content) continue;
        const told = JSON.parse(content);
        if (kind === "release" && told.record?.kind === "finding") {
          texts.push([told.record.answers || told.record.id, hex(await sha256(utf8.encode(content))).slice(0, 24), ends(log)]);
        }
        if (kind === "link" && told.move === "sign") signers.add(`${from} ${told.matter} ${told.on}`);
      }
    }
    return texts.filter(([finding, text, parties]) => parties.every((party) => signers.has(`${party} ${finding} ${text}`)));
  }

  function seen(element) {
    const children = [];
    for (const child of element.childNodes) {
      if (child.nodeType === Node.ELEMENT_NODE) children.push(seen(child));
      else if (child.nodeType === Node.TEXT_NODE) {
        if (typeof children.at(-1) === "string") children[children.length - 1] += child.data;
        else children.push(child.data);
      }
    }
    const told = {};
    for (const name of element.getAttributeNames().sort()) told[name] = element.getAttribute(name);
    return [element.localName, told, children];
  }

  async function check() {
    const text = document.getElementById("evidence").textContent.trim();
    const proof = JSON.parse(asText(opened(text).payload));
    if (opened(text).type !== "application/vnd.hamsaya.proof" || proof.format !== "hamsaya-proof-1") throw new Error("format");
    const faults = [], shown = [], keys = new Map(), fingerprints = [];
    for (const [number, card] of proof.cards.entries()) {
      try {
        const claimed = JSON.parse(asText(opened(card).payload));
        const key = fromHex(claimed.key, 32);
        const told = await unsealed(card, "card", key);
        keys.set(told.party, key);
        fingerprints.push([told.party, await fingerprint(key)]);
      } catch { faults.push([`card-${number}`, "card"]); }
    }
    const lines = await linesOf(proof.letters || [], keys, faults);
    for (const log of proof.logs) await checkLog(log, lines, faults, shown);
    try { await unsealed(text, "proof", keys.get(proof.written_by)); } catch { faults.push(["file", "file"]); }
    const shownPage = document.querySelectorAll("#case");
    const digest = shownPage.length === 1 ? hex(await sha256(utf8.encode(JSON.stringify(seen(shownPage[0]))))) : "";
    if (!proof.case || proof.case.page !== digest) faults.push(["page", "page"]);
    return {faults, shown, fingerprints, both: faults.length ? [] : await signedByBoth(proof.logs)};
  }

  function say(tag, text, parent, options = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(options)) made.setAttribute(name, value);
    parent.append(made);
    return made;
  }

  function tell(state, text) {
    checks.dataset.state = state;
    checks.replaceChildren(...checks.querySelectorAll("h2"));
    say("p", text, checks, {class: `verdict ${state}`});
  }

  function list(title, rows) {
    if (!rows.length) return;
    say("h3", title, checks);
    const made = say("ul", "", checks);
    for (const [code, text, fault] of rows) {
      const row = say("li", "", made, fault ? {class: "fault"} : {});
      say("bdi", code, row, {dir: "ltr", class: "code"});
      row.append(" ");
      say("span", text, row);
    }
  }

  async function able() {
    try {
      // RFC 8032, test 1: only a browser that gets this right may say anything about the rest
      const key = await crypto.subtle.importKey("raw", fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"), {name: "Ed25519"}, false, ["verify"]);
      const signature = fromHex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
      const good = await crypto.subtle.verify({name: "Ed25519"}, key, signature, new Uint8Array());
      return good && !await crypto.subtle.verify({name: "Ed25519"}, key, signature, Uint8Array.of(0));
    } catch { return false; }
  }

  if (!await able()) { tell("unable", words.unable); return; }
  let found;
  try { found = await check(); } catch { tell("bad", words.unreadable); return; }
  tell(found.faults.length ? "bad" : "good", found.faults.length ? words.altered : words.verified);
  list(words.faults, found.faults.map(([where, wrong]) => [where, words[`wrong_${wrong}`], true]));
  list(words.keys, found.fingerprints.map(([party, letters]) => [`${party}  ${letters}`, words.compare]));
  list(words.findings, found.both.map(([finding, text]) => [`${finding}  SHA-256 ${text}…`, words.both]));
  list(words.entries, found.shown.map(({where, wrong, content}) => [where, wrong ? words[`wrong_${wrong}`] : content ? words.holds : words.holds_without, Boolean(wrong)]));
  for (const {where, content} of found.shown) {
    if (!content) continue;
    const made = say("details", "", checks);
    const summary = say("summary", `${words.signed} `, made);
    say("bdi", where, summary, {dir: "ltr", class: "code"});
    say("pre", JSON.stringify(JSON.parse(content), null, 1), made, {dir: "auto", tabindex: "0"});
  }
})();
