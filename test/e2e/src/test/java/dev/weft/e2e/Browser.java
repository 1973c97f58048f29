package dev.weft.e2e;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import dev.weft.testkit.Settle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium of Debian's, with a profile of its own. Not thread-safe. */
final class Browser implements AutoCloseable {
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  private final ChromeDriver driver;
  private final Path profile;

  private Browser(ChromeDriver driver, Path profile) {
    this.driver = driver;
    this.profile = profile;
  }

  /** Whether this machine has what it takes: the packages chromium and chromium-driver. */
  static boolean here() {
    return Files.isExecutable(DRIVER) && Files.isExecutable(CHROMIUM);
  }

  /**
   * @param language that the browser asks for, such as {@code zh-CN}
   */
  static Browser open(String language, int width, int height) throws IOException {
    Path profile = Files.createTempDirectory("weft-browser");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
        "--lang=" + language,
        "--accept-lang=" + language,
        "--window-size=%d,%d".formatted(width, height),
        "--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options), profile);
  }

  void visit(URI page) {
    driver.get(page.toString());
  }

  /** What a script returns, run in the page. */
  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Waits until the page says that it has drawn what it knows. */
  void settled() {
    until("the page is settled", "return Boolean(window.__weft && window.__weft.settled)");
  }

  /** Waits until a script is true in the page. */
  void until(String what, String script, Object... arguments) {
    until(what, Duration.ofSeconds(60), script, arguments);
  }

  void until(String what, Duration max, String script, Object... arguments) {
    Settle.until(what, max, () -> Boolean.TRUE.equals(run(script, arguments)), seen -> seen);
  }

  WebElement element(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  List<WebElement> elements(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** The page as people see it. */
  void picture(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  /** Errors of the page's scripts, and what it could not load, since the last call. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(entry -> entry.getMessage())
        .toList();
  }

  /** What hinders people who do not see or do not point: rules of axe with the places. */
  List<String> barriers() {
    return new AxeBuilder().analyze(driver).getViolations().stream().map(Browser::told).toList();
  }

  private static String told(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getNodes().stream().map(node -> String.valueOf(node.getTarget())).toList();
  }

  /** Turns on what a person set in the system: colours of the dark, no motion. */
  void prefers(boolean dark, boolean stillness) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of(
                    "name",
                    "prefers-reduced-motion",
                    "value",
                    stillness ? "reduce" : "no-preference"))));
  }

  @Override
  public void close() {
    driver.quit();
    try (var files = Files.walk(profile)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
