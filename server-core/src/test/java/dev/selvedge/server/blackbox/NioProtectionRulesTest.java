package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpProtectionRules;

class NioProtectionRulesTest extends HttpProtectionRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
