package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.FakeFaultRules;

class EpollFakeFaultRulesTest extends FakeFaultRules { }
