package dev.weft.lab.supervisor;

/** A member cluster of a lab that is up. */
public record LabCluster(ClusterPlan plan, LabApi api) {}
