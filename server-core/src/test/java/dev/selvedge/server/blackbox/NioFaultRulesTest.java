package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpFaultRules;

class NioFaultRulesTest extends HttpFaultRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
