package dev.weft.control;

import dev.weft.loop.Clock;

/** {@code weft control}: the control plane process. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    ControlOptions options;
    try {
      options = ControlOptions.parse(args, System.getenv());
    } catch (ControlOptions.UsageException e) {
      if (e.help()) {
        System.out.print(e.getMessage());
        return;
      }
      System.err.println("weft control: " + e.getMessage());
      System.exit(2);
      return;
    }
    Logging.configure(options.verbose());
    ControlPlane plane;
    try {
      plane = ControlPlane.start(options, Clock.system());
    } catch (ControlPlane.CannotStartException e) {
      System.err.println("weft control: " + e.getMessage());
      System.exit(1);
      return;
    }
    Thread.setDefaultUncaughtExceptionHandler(plane::died);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(plane::close));
    System.err.println("weft control: " + plane.failed().join());
    System.exit(1);
  }
}
