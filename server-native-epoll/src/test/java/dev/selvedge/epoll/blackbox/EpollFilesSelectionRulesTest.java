package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpFilesSelectionRules;

class EpollFilesSelectionRulesTest extends HttpFilesSelectionRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
