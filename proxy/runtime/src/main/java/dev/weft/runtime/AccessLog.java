package dev.weft.runtime;

import java.util.List;

/**
 * A log that is written when a request or a TCP connection is over.
 *
 * @param path a file, {@code /dev/stdout} or {@code /dev/stderr}
 * @param onlyFlags lines are written only where one of these response flags is set ({@code NR});
 *     empty: always
 */
public record AccessLog(String path, LogFormat format, List<String> onlyFlags) {
  public AccessLog {
    onlyFlags = List.copyOf(onlyFlags);
  }
}
