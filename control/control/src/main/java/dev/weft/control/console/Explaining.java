package dev.weft.control.console;

import dev.weft.console.Explains;
import dev.weft.control.explain.Explainer;
import dev.weft.snapshot.MeshSnapshot;

/** {@code weft explain} for the console. */
public final class Explaining implements Explains {
  @Override
  public Object explain(MeshSnapshot snapshot, Explains.Route route) throws UnclearException {
    try {
      return Explainer.of(snapshot, route.service(), route.from(), route.cluster(), route.subset());
    } catch (dev.weft.control.explain.UnclearException e) {
      throw new UnclearException(String.valueOf(e.getMessage()));
    }
  }
}
