package dev.weft.bench.scale;

/**
 * Ends the process with the first exception that nobody catches: clients and servers have threads
 * that would go on.
 */
record EndOnFailure() implements Thread.UncaughtExceptionHandler {
  static void install() {
    Thread.setDefaultUncaughtExceptionHandler(new EndOnFailure());
  }

  @Override
  public void uncaughtException(Thread thread, Throwable e) {
    e.printStackTrace();
    System.exit(1);
  }
}
