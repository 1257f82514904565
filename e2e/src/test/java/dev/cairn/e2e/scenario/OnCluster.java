package dev.cairn.e2e.scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that run on a real cluster; each gets a {@link Scenario} of its own. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("cluster")
@ExtendWith(ScenarioExtension.class)
@interface OnCluster {
    /** The lock of those that must have an operator at work, and of those that take it away. */
    String OPERATOR = "the operator";
}
