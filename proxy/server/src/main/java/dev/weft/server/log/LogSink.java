package dev.weft.server.log;

/** Where finished log lines go. Safe for all loops; never blocks them. */
public interface LogSink extends AutoCloseable {
  /**
   * Takes lines over.
   *
   * @param path a file, {@code /dev/stdout} or {@code /dev/stderr}
   * @param lines whole lines; the array belongs to the sink from now on
   * @return false where the sink is full: the lines are dropped and counted
   */
  boolean offer(String path, byte[] lines);

  /** How many bytes were dropped so far. */
  long dropped();

  @Override
  void close();
}
