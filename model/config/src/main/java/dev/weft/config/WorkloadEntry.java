package dev.weft.config;

/**
 * A workload beside the pods of clusters, which ServiceEntries and Services of its namespace
 * select.
 *
 * @param workload whose labels are those of the object, too
 */
public record WorkloadEntry(ObjectMeta meta, WorkloadSpec workload) implements ConfigObject {}
