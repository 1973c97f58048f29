package dev.weft.server.log;

/** What is logged: a request or a connection that is over. */
public interface LogValues {
  /**
   * Appends the value of a field.
   *
   * @return false where there is none; nothing was appended then
   */
  boolean write(LogField field, LogText out);

  /** The set of response flags, see {@code ResponseFlag}. */
  int flags();
}
