package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpFilesSelectionRules;

class NioFilesSelectionRulesTest extends HttpFilesSelectionRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
