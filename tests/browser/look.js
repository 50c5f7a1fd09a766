// Takes pictures of every page, for people: node look.js FOLDER [TARGET ...]
import { mkdirSync } from "node:fs";
import { browse, curator, open } from "./newsroom.js";

const folder = process.argv[2] || "/tmp/looks";
mkdirSync(folder, { recursive: true });
const desk = await open({ hostile: process.argv.includes("hostile") });
const browser = await browse();
try {
  for (const [width, scheme] of [[1280, "light"], [360, "light"], [1280, "dark"], [360, "dark"]]) {
    const { page, context } = await curator(browser, desk, "Ada", { viewport: { width, height: width > 500 ? 900 : 780 }, colorScheme: scheme });
    const shoot = (name, full = true) => page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: full });
    if (width === 1280 && scheme === "light") {
      for (const key of ["j", "a"]) await page.keyboard.press(key);
      await page.locator("#latest li").first().waitFor();
      await page.locator(".why-drawer summary").nth(1).click();
      await page.locator(".card").nth(2).getByRole("button", { name: "Accept" }).click();
      await page.locator("#latest li").nth(1).waitFor();
    }
    await page.locator(".why-drawer summary").first().click();
    await shoot("candidates");
    await page.evaluate(() => scrollTo(0, 0));
    await shoot("top", false);
    await page.keyboard.press("?");
    await shoot("help", false);
    await page.keyboard.press("Escape");
    await page.locator("#latest a").first().click();
    await shoot("entry");
    await page.goto(`${desk.address}/issue`);
    await page.frameLocator("#preview").locator("h1").first().waitFor();
    await shoot("issue");
    await page.goto(`${desk.address}/sources`);
    await shoot("sources");
    await page.locator("table.sources a").first().click();
    await shoot("source");
    await page.goto(`${desk.address}/archive?q=maps`);
    await shoot("archive");
    const said = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (said > 0) console.log("too wide", width, said);
    await context.close();
  }
} finally {
  await browser.close();
  desk.close();
}
