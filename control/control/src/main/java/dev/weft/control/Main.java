package dev.weft.control;

import java.util.concurrent.CountDownLatch;

/** {@code weft control}: the control plane process. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    ControlOptions options;
    try {
      options = ControlOptions.parse(args);
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
      plane = ControlPlane.start(options);
    } catch (ControlPlane.CannotStartException e) {
      System.err.println("weft control: " + e.getMessage());
      System.exit(1);
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      plane.close();
                      stopped.countDown();
                    }));
    stopped.await();
  }
}
