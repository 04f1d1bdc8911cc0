"""The court's calendar: a year at a glance, changing days, entering a year's notice."""
