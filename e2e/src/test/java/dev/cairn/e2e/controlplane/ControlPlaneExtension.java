package dev.cairn.e2e.controlplane;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands control planes to tests, and prints what their operators said where a test fails. */
final class ControlPlaneExtension implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(ControlPlaneExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var holder = parameter.isAnnotated(OnControlPlane.Own.class) ? context : context.getRoot();
        return holder.getStore(NAMESPACE)
                .computeIfAbsent(ControlPlane.class, key -> ControlPlane.start(), ControlPlane.class);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        var plane = context.getStore(NAMESPACE).get(ControlPlane.class, ControlPlane.class);
        if (plane != null && context.getExecutionException().isPresent())
            System.err.println(context.getDisplayName() + " failed. " + plane.describe());
    }
}
