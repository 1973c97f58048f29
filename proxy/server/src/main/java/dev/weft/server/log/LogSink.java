package dev.weft.server.log;

/** Where finished log lines go. Safe for all loops; never blocks them. */
public interface LogSink extends AutoCloseable {
  /**
   * Takes a copy of lines.
   *
   * @param path a file, {@code /dev/stdout} or {@code /dev/stderr}
   * @param lines whole lines, from the beginning of the array on
   * @param length how many bytes of it they are
   * @return false where the sink is full: the lines are dropped and counted
   */
  boolean offer(String path, byte[] lines, int length);

  /** How many bytes were dropped so far. */
  long dropped();

  @Override
  void close();
}
