package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.schema.KnownType;

/** Who is told of every write, and may write more. */
public interface AfterWrites {
  /** An object was created or changed; returns it as it is afterwards. */
  ObjectNode afterWrite(KnownType known, ObjectNode object, Objects objects);

  /** An object is gone. */
  void afterRemoval(KnownType known, ObjectNode object, Objects objects);
}
