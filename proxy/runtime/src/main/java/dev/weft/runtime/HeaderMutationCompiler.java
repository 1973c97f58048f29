package dev.weft.runtime;

import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderMutations;
import dev.weft.xds.client.ProtoFields;
import java.util.ArrayList;
import java.util.List;

/** {@code HeaderMutation}. */
final class HeaderMutationCompiler {
  private HeaderMutationCompiler() {}

  static HttpFilter filter(ProtoFields in) {
    return new HttpFilter.HeaderMutation(level(in), in.bool(2));
  }

  static HeaderMutations ofRoute(ProtoFields in) {
    return new HeaderMutations(List.of(level(in)));
  }

  private static HeaderMutations.Level level(ProtoFields in) {
    ProtoFields mutations = in.message(1, "mutations");
    return mutations == null
        ? HeaderMutations.Level.NONE
        : new HeaderMutations.Level(
            edits(mutations, 1, "request_mutations"), edits(mutations, 2, "response_mutations"));
  }

  /** Edits remove first: what is to be removed after something was added begins new ones. */
  private static List<HeaderEdits> edits(ProtoFields in, int field, String name) {
    List<HeaderEdits> all = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    List<HeaderEdits.Edit> added = new ArrayList<>();
    for (ProtoFields mutation : in.messages(field, name)) {
      if (mutation.has(1)) {
        if (!added.isEmpty()) {
          all.add(new HeaderEdits(removed, added));
          removed.clear();
          added.clear();
        }
        removed.add(HeaderEditsCompiler.plainName(mutation, mutation.text(1)));
      } else {
        added.add(HeaderEditsCompiler.plain(mutation.required(2, "append")));
      }
    }
    if (!removed.isEmpty() || !added.isEmpty()) {
      all.add(new HeaderEdits(removed, added));
    }
    return all;
  }
}
