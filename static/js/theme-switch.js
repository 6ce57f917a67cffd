// The switch goes round: as the device, light, dark. The choice stays in this browser.
const order = ["system", "light", "dark"]
const root = document.documentElement

export function startThemeSwitch() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    name(button)
    button.addEventListener("click", () => {
      choose(order[(order.indexOf(current()) + 1) % order.length])
      document.querySelectorAll("[data-theme-switch]").forEach(name)
    })
  }
}

function current() {
  return root.dataset.theme ?? "system"
}

function choose(theme) {
  if (theme === "system") delete root.dataset.theme
  else root.dataset.theme = theme
  try {
    if (theme === "system") localStorage.removeItem("theme")
    else localStorage.setItem("theme", theme)
  } catch {
    // Without storage the choice lasts for this page.
  }
}

function name(button) {
  const words = button.dataset[current()]
  button.title = words
  button.querySelector("span").textContent = words
}
