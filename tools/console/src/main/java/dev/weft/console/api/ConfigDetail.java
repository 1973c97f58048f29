package dev.weft.console.api;

import java.util.List;

/**
 * An object as people edit it.
 *
 * @param yaml without what the server adds for itself; the resource version in it makes sure that
 *     nobody else's change is lost
 * @param references what it speaks of
 */
public record ConfigDetail(
    ConfigRow row, String yaml, List<Finding> findings, List<ObjectRef> references) {
  public ConfigDetail {
    findings = List.copyOf(findings);
    references = List.copyOf(references);
  }
}
