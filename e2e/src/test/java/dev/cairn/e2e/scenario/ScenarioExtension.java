package dev.cairn.e2e.scenario;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands scenarios to tests, tells what the cluster looked like when one fails, and cleans up behind them. */
final class ScenarioExtension implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(ScenarioExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Scenario.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var installation = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Installation.class, key -> Installation.open(), Installation.class);
        var name = context.getRequiredTestMethod().getName();
        boolean ownServer = parameter.isAnnotated(OwnServer.class);
        return context.getStore(NAMESPACE)
                .computeIfAbsent(Scenario.class, key -> Scenario.open(installation, name, ownServer), Scenario.class);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        var scenario = context.getStore(NAMESPACE).get(Scenario.class, Scenario.class);
        if (scenario != null && context.getExecutionException().isPresent())
            System.err.println(scenario.describe(context.getDisplayName()));
    }
}
