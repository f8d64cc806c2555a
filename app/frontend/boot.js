// Wakes the islands: nothing is loaded on a page that has none.
const islands = () => document.querySelectorAll("leptos-island");
if (islands().length > 0) {
  const mod = await import("__GLUE__");
  await mod.default({ module_or_path: "__WASM__" });
  mod.hydrate();
  for (const island of islands()) mod[island.dataset.component]?.(island);
  // Effects of the islands run after this turn.
  setTimeout(() => (document.documentElement.dataset.awake = ""));
}
