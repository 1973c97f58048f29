package dev.weft.runtime;

import dev.weft.types.Expression;
import java.util.List;

/**
 * A log that is written when a request or a TCP connection is over.
 *
 * @param path a file, {@code /dev/stdout} or {@code /dev/stderr}
 * @param onlyFlags lines are written only where one of these response flags is set ({@code NR});
 *     empty: always
 * @param conditions lines are written only where all of them hold
 */
public record AccessLog(
    String path, LogFormat format, List<String> onlyFlags, List<Expression> conditions) {
  public AccessLog {
    onlyFlags = List.copyOf(onlyFlags);
    conditions = List.copyOf(conditions);
  }
}
