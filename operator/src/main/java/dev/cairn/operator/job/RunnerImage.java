package dev.cairn.operator.job;

/**
 * The image that carries out migrations.
 *
 * @param name with its tag or digest
 * @param pullPolicy Always, IfNotPresent or Never
 */
public record RunnerImage(String name, String pullPolicy) {}
