// Asks the reference implementation of C2PA. Standard input has one file a line: format, path, and path of the trusted roots in PEM.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const { initSync, WasmReader } = await import(pathToFileURL(require.resolve('@contentauth/c2pa-wasm')));
initSync({ module: readFileSync(require.resolve('@contentauth/c2pa-wasm/c2pa.wasm')) });

for await (const line of createInterface({ input: process.stdin })) {
  const [format, file, roots] = line.split('\t');
  let answer;
  try {
    const context = { verify: { verify_trust: true, verify_timestamp_trust: true, remote_manifest_fetch: false },
      trust: { trust_anchors: readFileSync(roots, 'utf8') } };
    const reader = await WasmReader.fromBytes(format, new Uint8Array(readFileSync(file)), JSON.stringify(context));
    answer = JSON.parse(reader.json());
    reader.free();
  } catch (e) {
    answer = { error: String(e?.message ?? e) };
  }
  console.log(JSON.stringify(answer));
}
