package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpBodyRules;

class NioBodyRulesTest extends HttpBodyRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
