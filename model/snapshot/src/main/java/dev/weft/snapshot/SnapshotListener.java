package dev.weft.snapshot;

/** Is told of every snapshot, in order, on the ingest thread: take the reference and return. */
public interface SnapshotListener {
  void onSnapshot(MeshSnapshot snapshot, SnapshotDelta delta);
}
