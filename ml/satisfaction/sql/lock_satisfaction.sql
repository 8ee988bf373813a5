lock table ml.satisfaction_predictions in share row exclusive mode
