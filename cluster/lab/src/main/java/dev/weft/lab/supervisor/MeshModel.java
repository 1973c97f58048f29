package dev.weft.lab.supervisor;

import java.io.IOException;
import java.util.List;

/**
 * What makes a mesh of a lab's clusters: one implementation for each {@link Model}. It is called
 * again after an attempt that failed, so each step finds what is there already and goes on from it.
 */
public interface MeshModel {

  /** Begins what needs no clusters; runs beside their start. */
  void begin(LabGround ground) throws IOException;

  /** Does what is to be done once all clusters are there. */
  void join(LabGround ground) throws IOException;

  /**
   * What is not as it is to be yet, the first thing first, in words for people; empty where the
   * mesh is ready. Asked again and again, and may do what has become possible.
   */
  List<String> lacks(LabGround ground);

  /** That of {@link Model#NONE}. */
  record Bare() implements MeshModel {
    @Override
    public void begin(LabGround ground) {}

    @Override
    public void join(LabGround ground) {}

    @Override
    public List<String> lacks(LabGround ground) {
      return List.of();
    }
  }
}
