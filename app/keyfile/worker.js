// The rest of the worker, after the glue: containers come in, with a password or without, certificates go out. Its policy lets it
// load nothing and reach nobody, so the compiled module comes from the page.
self.onmessage = ({ data }) => {
  if (data.module) {
    wasm_bindgen.initSync({ module: data.module });
    self.postMessage({ ready: true });
    return;
  }
  const bytes = new Uint8Array(data.container);
  let answer;
  try {
    const { open, open_unprotected } = wasm_bindgen;
    const certificates = data.password === undefined ? open_unprotected(bytes) : open(bytes, data.password);
    answer = { id: data.id, certificates };
  } catch (code) {
    answer = { id: data.id, error: typeof code === "string" ? code : "damaged" };
  }
  bytes.fill(0);
  self.postMessage(answer);
};
