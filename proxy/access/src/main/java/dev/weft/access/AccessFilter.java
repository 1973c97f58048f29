package dev.weft.access;

import org.jspecify.annotations.Nullable;

/**
 * One step of deciding about access.
 *
 * @param rules null where nothing is enforced
 * @param shadow what is only counted; null for nothing
 * @param shadowPrefix of the names of what is counted
 */
public record AccessFilter(
    @Nullable AccessRules rules, @Nullable AccessRules shadow, String shadowPrefix) {}
