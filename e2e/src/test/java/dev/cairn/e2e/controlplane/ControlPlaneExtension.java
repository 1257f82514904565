package dev.cairn.e2e.controlplane;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands control planes to tests, and prints what their operators said where a test fails. */
final class ControlPlaneExtension implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(ControlPlaneExtension.class);
    private static final String OWN = "own";
    private static final String SHARED = "shared";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // A test's store falls back on the root's, so the two need keys of their own.
        boolean own = parameter.isAnnotated(OnControlPlane.Own.class);
        var holder = own ? context : context.getRoot();
        return holder.getStore(NAMESPACE)
                .computeIfAbsent(own ? OWN : SHARED, key -> ControlPlane.start(), ControlPlane.class);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        var store = context.getStore(NAMESPACE);
        var own = store.get(OWN, ControlPlane.class);
        var plane = own == null ? store.get(SHARED, ControlPlane.class) : own;
        if (plane != null && context.getExecutionException().isPresent())
            System.err.println(context.getDisplayName() + " failed. " + plane.describe());
    }
}
