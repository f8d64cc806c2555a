// Wakes the islands: nothing is loaded on a page that has none.
const islands = () => document.querySelectorAll("leptos-island");
if (islands().length > 0) {
  let asleep = true;
  // Files wait until they have been looked at; where that cannot be, they stay.
  addEventListener("submit", (event) => asleep && event.target.querySelector("input[type=file]") && event.preventDefault());
  try {
    const mod = await import("__GLUE__");
    await mod.default({ module_or_path: "__WASM__" });
    mod.hydrate();
    for (const island of islands()) mod[island.dataset.component]?.(island);
    // Effects of the islands run after this turn.
    setTimeout(() => {
      asleep = false;
      document.documentElement.dataset.awake = "";
    });
  } catch (error) {
    for (const word of document.querySelectorAll(".gate-failed")) word.hidden = false;
    throw error;
  }
}
