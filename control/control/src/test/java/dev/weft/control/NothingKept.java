package dev.weft.control;

import dev.weft.ca.CaEntries;
import dev.weft.ca.CaStore;
import java.util.Optional;

/** For an authority that lives as long as its test. */
public final class NothingKept implements CaStore {
  @Override
  public Optional<CaEntries> load(String name) {
    return Optional.empty();
  }

  @Override
  public CaEntries createIfAbsent(String name, CaEntries entries) {
    return entries;
  }
}
