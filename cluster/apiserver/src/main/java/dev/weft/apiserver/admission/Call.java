package dev.weft.apiserver.admission;

import dev.weft.apiserver.auth.Identity;
import java.util.ArrayList;
import java.util.List;

/**
 * The circumstances of one write.
 *
 * @param fields what becomes of fields that the type does not have
 * @param manager owns what this write changes; "" where nobody does, or where it says so itself
 * @param part the sub-resource that is written, "" for the object itself
 * @param warnings collects what the client is told besides the answer
 */
public record Call(
    Identity who,
    boolean dryRun,
    Fields fields,
    String manager,
    String part,
    List<String> warnings) {

  /** What becomes of fields that a type does not have. */
  public enum Fields {
    STRICT,
    WARN,
    IGNORE,
    /** Nobody looks: for code in the same process. */
    TRUSTED
  }

  public static Call inProcess() {
    return new Call(Identity.CONTROLLER, false, Fields.TRUSTED, "", "", new ArrayList<>());
  }

  /** The same write by a manager who keeps account of it elsewhere. */
  public Call unowned() {
    return new Call(who, dryRun, fields, "", part, warnings);
  }

  /** The same write through a sub-resource. */
  public Call through(String subresource) {
    return new Call(who, dryRun, fields, manager, subresource, warnings);
  }
}
