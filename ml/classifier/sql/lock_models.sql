lock table ml.models in share row exclusive mode
