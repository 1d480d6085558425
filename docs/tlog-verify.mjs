// Verifies a tiled transparency log over HTTP with nothing but Node.js: no package, and none of the ledger's code.
// Written from c2sp.org/signed-note, tlog-checkpoint, tlog-tiles and tlog-proof, RFC 9162, RFC 9942 and RFC 7515.
//
//   node tlog-verify.mjs PREFIX --vkey KEY [--old CHECKPOINT] [--proof FILE] [--cose FILE --keys SET] [--receipts FILE --keys SET]
//
// PREFIX is a log such as http://localhost:8080/tlog/0, KEY its Ed25519 verifier key, SET the ledger's /v1/trust/keys.json.
// Checked are the signature of the checkpoint, every entry, every tile of every level and the root; with --old that the log
// continues an older checkpoint, by the entries and by the log's own consistency proof; with --proof a proof file; with --cose
// a COSE receipt; with --receipts the receipts of accepted facts, one a line. The ML-DSA-44 line is left alone: Node.js 20
// has no ML-DSA. Exit code 0 when all holds, 1 when something does not, 2 when it was called wrongly.

import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync } from 'node:fs';

const TILE = 256;
const HASH = 32;
const AT_ONCE = 8;

class Refused extends Error {}

function require(holds, otherwise) {
  if (!holds) throw new Refused(otherwise);
}

// ---- hashes (RFC 9162 section 2.1)

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafHash = (entry) => sha256(Buffer.of(0), entry);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const half = (number) => Math.floor(number / 2); // sizes stay far below 2^53, and may be above 2^32

function rootOf(hashes) {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

/** The root that a leaf and its path lead to (RFC 9162 section 2.1.3.2). */
function rootFromInclusion(index, size, leaf, path) {
  require(index >= 0 && index < size, `there is no leaf ${index} in a tree of ${size}`);
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of path) {
    require(last > 0, 'the path is too long');
    if (node % 2 === 1 || node === last) {
      root = nodeHash(sibling, root);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      root = nodeHash(root, sibling);
    }
    node = half(node);
    last = half(last);
  }
  require(last === 0, 'the path is too short');
  return root;
}

/** That the newer tree begins with the older one (RFC 9162 section 2.1.4.2). */
function requireConsistent(from, to, oldRoot, newRoot, path) {
  if (from === to || from === 0) {
    require(path.length === 0, 'the consistency proof has hashes and needs none');
    require(from === 0 || oldRoot.equals(newRoot), 'there are two roots at one size');
    return;
  }
  const hashes = Number.isInteger(Math.log2(from)) ? [oldRoot, ...path] : [...path];
  require(hashes.length > 0, 'the consistency proof is too short');
  let node = from - 1;
  let last = to - 1;
  while (node % 2 === 1) {
    node = half(node);
    last = half(last);
  }
  let older = hashes[0];
  let newer = hashes[0];
  for (const hash of hashes.slice(1)) {
    require(last > 0, 'the consistency proof is too long');
    if (node % 2 === 1 || node === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      newer = nodeHash(newer, hash);
    }
    node = half(node);
    last = half(last);
  }
  require(last === 0, 'the consistency proof is too short');
  require(older.equals(oldRoot), 'the consistency proof does not lead to the older root');
  require(newer.equals(newRoot), 'the consistency proof does not lead to the newer root');
}

// ---- keys and notes (c2sp.org/signed-note, tlog-checkpoint)

function ed25519(point) {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, format: 'jwk' });
}

function verifierKey(text) {
  const [name, id, ...rest] = text.split('+'); // base64 may have a plus too
  const typed = Buffer.from(rest.join('+'), 'base64');
  require(typed.length === 1 + HASH && typed[0] === 1, `'${name}' is no Ed25519 verifier key`);
  const computed = sha256(`${name}\n`, typed).subarray(0, 4);
  require(computed.toString('hex') === id, `the id of key '${name}' is not that of its name and key`);
  return { name, id: computed, key: ed25519(typed.subarray(1)) };
}

/** The checkpoint in a note that the key has signed. */
function checkpoint(note, signer) {
  const text = note.toString('utf8');
  const end = text.lastIndexOf('\n\n');
  require(end >= 0 && text.endsWith('\n'), 'not a signed note');
  const signatures = text
    .slice(end + 2, -1)
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([dash, name]) => dash === '\u2014' && name === signer.name)
    .map((parts) => Buffer.from(parts[2], 'base64'))
    .filter((bytes) => bytes.subarray(0, 4).equals(signer.id));
  require(signatures.length > 0, `the checkpoint is not signed by '${signer.name}'`);
  const signed = text.slice(0, end + 1);
  const holds = signatures.every((bytes) => verifySignature(null, Buffer.from(signed), signer.key, bytes.subarray(4)));
  require(holds, 'the signature of the checkpoint does not verify');
  const [origin, size, root] = signed.split('\n');
  require(origin === signer.name, `the checkpoint is of '${origin}'`);
  require(/^(0|[1-9][0-9]*)$/.test(size), 'the size of the checkpoint is no number');
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}

// ---- tiles and bundles (c2sp.org/tlog-tiles)

function tilePath(level, index, width) {
  let groups = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups = `x${String(rest % 1000).padStart(3, '0')}/${groups}`;
  }
  return `tile/${level}/${groups}${width < TILE ? `.p/${width}` : ''}`;
}

async function get(prefix, path) {
  const answer = await fetch(`${prefix}/${path}`, { headers: { 'Accept-Encoding': 'gzip, identity' } });
  require(answer.status === 200, `${path} was answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The tiles that hold so many hashes or entries. */
function tilesOf(count) {
  const tiles = [];
  for (let first = 0; first < count; first += TILE) {
    tiles.push({ index: first / TILE, width: Math.min(TILE, count - first) });
  }
  return tiles;
}

async function forAll(tiles, action) {
  for (let at = 0; at < tiles.length; at += AT_ONCE) await Promise.all(tiles.slice(at, at + AT_ONCE).map(action));
}

function bundle(path, bytes, width) {
  const entries = [];
  for (let at = 0; at < bytes.length; ) {
    require(at + 2 <= bytes.length, `${path} is cut off`);
    const end = at + 2 + bytes.readUInt16BE(at);
    require(end <= bytes.length, `${path} is cut off`);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  require(entries.length === width, `${path} has ${entries.length} entries, not ${width}`);
  return entries;
}

async function readEntries(prefix, size) {
  const entries = new Array(size);
  await forAll(tilesOf(size), async ({ index, width }) => {
    const path = tilePath('entries', index, width);
    bundle(path, await get(prefix, path), width).forEach((entry, i) => (entries[index * TILE + i] = entry));
  });
  return entries;
}

/** Every tile of every level must be what follows from the level below. */
async function compareTiles(prefix, leaves) {
  let compared = 0;
  for (let level = 0, hashes = leaves; hashes.length > 0; level++) {
    const below = hashes;
    await forAll(tilesOf(below.length), async ({ index, width }) => {
      const path = tilePath(level, index, width);
      const expected = Buffer.concat(below.slice(index * TILE, index * TILE + width));
      require((await get(prefix, path)).equals(expected), `${path} does not follow from the entries`);
      compared++;
    });
    hashes = [];
    for (let i = 0; i + TILE <= below.length; i += TILE) hashes.push(rootOf(below.slice(i, i + TILE)));
  }
  return compared;
}

// ---- proofs (c2sp.org/tlog-proof, RFC 9942) and receipts

const fromBase64 = (lines) => lines.map((line) => Buffer.from(line, 'base64'));

function checkProof(file, signer, leaves) {
  const text = file.toString('utf8');
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, end).split('\n');
  require(lines[0] === 'c2sp.org/tlog-proof@v1', 'not a proof file');
  const rest = lines[1].startsWith('extra ') ? lines.slice(2) : lines.slice(1);
  require(/^index (0|[1-9][0-9]*)$/.test(rest[0]), 'the proof has no index');
  const index = Number(rest[0].slice('index '.length));
  const head = checkpoint(Buffer.from(text.slice(end + 2)), signer);
  const root = rootFromInclusion(index, head.size, leaves[index], fromBase64(rest.slice(1)));
  require(root.equals(head.root), 'the proof does not lead to the signed root');
  return index;
}

/** As much of CBOR (RFC 8949) as receipts use: integers, bytes, text, arrays, maps, tags, null. */
function cbor(bytes) {
  let at = 0;
  const item = () => {
    const first = bytes[at++];
    const info = first & 31;
    let value = info;
    if (info >= 24 && info <= 27) {
      const length = 1 << (info - 24);
      value = Number(BigInt(`0x${bytes.subarray(at, at + length).toString('hex')}`));
      at += length;
    }
    switch (first >> 5) {
      case 0:
        return value;
      case 1:
        return -1 - value;
      case 2:
        return bytes.subarray(at, (at += value));
      case 3:
        return bytes.subarray(at, (at += value)).toString('utf8');
      case 4:
        return Array.from({ length: value }, item);
      case 5:
        return new Map(Array.from({ length: value }, () => [item(), item()]));
      case 6:
        return { tag: value, value: item() };
      default:
        require(first === 0xf6, 'a kind of CBOR that no receipt has');
        return null;
    }
  };
  const read = item();
  require(at === bytes.length, 'bytes after the end of the CBOR');
  return read;
}

function cborBytes(bytes) {
  return Buffer.concat([bytes.length < 24 ? Buffer.of(0x40 + bytes.length) : Buffer.of(0x58, bytes.length), bytes]);
}

function publishedKey(set, purpose, kid) {
  const found = set.keys.find((key) => key.purpose === purpose && key.kid === kid);
  require(found !== undefined, `key '${kid}' is none of purpose ${purpose}`);
  return createPublicKey({ key: { kty: found.kty, crv: found.crv, x: found.x }, format: 'jwk' });
}

function checkCose(file, set, leaves) {
  const { tag, value } = cbor(file);
  require(tag === 18 && value.length === 4 && value[2] === null, 'not a COSE_Sign1 with a detached payload');
  const [protectedBytes, unprotected, , signature] = value;
  const header = cbor(protectedBytes);
  require(header.get(1) === -8 && header.get(395) === 1, 'not EdDSA over a tree of RFC 9162');
  const [size, index, path] = cbor(unprotected.get(396).get(-1)[0]);
  const root = rootFromInclusion(index, size, leaves[index], path);
  const context = Buffer.concat([Buffer.of(0x84, 0x6a), Buffer.from('Signature1')]);
  const signed = Buffer.concat([context, cborBytes(protectedBytes), cborBytes(Buffer.alloc(0)), cborBytes(root)]);
  const key = publishedKey(set, 'inclusion-receipt', header.get(4).toString('utf8'));
  require(verifySignature(null, signed, key, signature), 'the signature of the COSE receipt does not verify');
  return index;
}

function checkReceipt(compact, set, entries) {
  const [header, payload, signature] = compact.split('.');
  const { alg, kid, typ } = JSON.parse(Buffer.from(header, 'base64url'));
  require(alg === 'EdDSA' && typ === 'ledger-receipt', 'not a receipt');
  const key = publishedKey(set, 'receipt', kid);
  const holds = verifySignature(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
  require(holds, 'the signature of the receipt does not verify');
  const said = JSON.parse(Buffer.from(payload, 'base64url'));
  require(said.offset < entries.length, `entry ${said.offset} of the receipt is missing`);
  require(entries[said.offset].toString('hex') === said.record_sha256, `entry ${said.offset} is not what the receipt says`);
  return said.offset;
}

// ---- the command

function options(args) {
  const given = {};
  for (let i = 0; i < args.length; i += 2) {
    if (!args[i].startsWith('--') || args[i + 1] === undefined) return null;
    given[args[i].slice(2)] = args[i + 1];
  }
  return given;
}

async function checkOld(prefix, file, signer, newest, leaves) {
  const old = checkpoint(readFileSync(file), signer);
  require(old.size <= newest.size, `the log has ${newest.size} entries and had ${old.size}`);
  require(rootOf(leaves.slice(0, old.size)).equals(old.root), 'the log does not continue the older checkpoint');
  const proof = JSON.parse(await get(prefix, `consistency?from=${old.size}&to=${newest.size}`));
  requireConsistent(old.size, newest.size, old.root, newest.root, fromBase64(proof.path));
  return old.size;
}

async function run(prefix, given) {
  const signer = verifierKey(given.vkey);
  const newest = checkpoint(await get(prefix, 'checkpoint'), signer);
  const entries = await readEntries(prefix, newest.size);
  const leaves = entries.map(leafHash);
  require(rootOf(leaves).equals(newest.root), 'the entries do not lead to the signed root');
  const tiles = await compareTiles(prefix, leaves);
  console.log(`ok log ${newest.origin}: ${newest.size} entries, ${tiles} tiles, root ${newest.root.toString('base64')}`);
  if (given.old) {
    console.log(`ok consistency: ${await checkOld(prefix, given.old, signer, newest, leaves)} to ${newest.size}`);
  }
  if (given.proof) console.log(`ok proof: entry ${checkProof(readFileSync(given.proof), signer, leaves)}`);
  const set = given.keys ? JSON.parse(readFileSync(given.keys)) : { keys: [] };
  if (given.cose) console.log(`ok cose: entry ${checkCose(readFileSync(given.cose), set, leaves)}`);
  if (given.receipts) {
    for (const line of readFileSync(given.receipts, 'utf8').split('\n').filter(Boolean)) {
      console.log(`ok receipt: entry ${checkReceipt(line, set, entries)}`);
    }
  }
}

const [prefix, ...rest] = process.argv.slice(2);
const given = options(rest);
if (!prefix || !given?.vkey) {
  console.error('usage: node tlog-verify.mjs PREFIX --vkey KEY [--old FILE] [--proof FILE] [--cose FILE] [--receipts FILE] [--keys FILE]');
  process.exit(2);
}
try {
  await run(prefix.replace(/\/+$/, ''), given);
} catch (e) {
  console.log(`NOT OK: ${e.message}`);
  process.exitCode = 1;
}
