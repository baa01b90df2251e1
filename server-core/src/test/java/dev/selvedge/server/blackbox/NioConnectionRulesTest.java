package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpConnectionRules;

class NioConnectionRulesTest extends HttpConnectionRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
