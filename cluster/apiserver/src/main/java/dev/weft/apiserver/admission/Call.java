package dev.weft.apiserver.admission;

import dev.weft.apiserver.auth.Identity;
import java.util.ArrayList;
import java.util.List;

/**
 * The circumstances of one write.
 *
 * @param fields what becomes of fields that the type does not have
 * @param warnings collects what the client is told besides the answer
 */
public record Call(Identity who, boolean dryRun, Fields fields, List<String> warnings) {

  /** What becomes of fields that a type does not have. */
  public enum Fields {
    STRICT,
    WARN,
    IGNORE,
    /** Nobody looks: for code in the same process. */
    TRUSTED
  }

  public static Call inProcess() {
    return new Call(Identity.CONTROLLER, false, Fields.TRUSTED, new ArrayList<>());
  }
}
